"""
Which ways lead out of a cordon, or into it, that no camera sees, and what closes them.

What is found here tells how to come and go unseen: it is restricted output, for those alone who
may see covert posts.
"""

from geo.cordon.edges import OpenEdges, open_edges

__all__ = ["OpenEdges", "open_edges"]
