"""The questions, one module each: what an answer is, every form in which it can be told, and how it is found.

Each is loaded when it is asked. ``ask`` finds the answer; whoever calls it has read what people wrote.
"""
