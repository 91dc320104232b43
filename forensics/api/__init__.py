"""The Python interface: everything that the command line does is one call here, and the other way round."""
