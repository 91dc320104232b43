"""Which uploads fit what was observed: facts and known uploads to the cheapest stories."""
