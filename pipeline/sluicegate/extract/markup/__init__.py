"""What the HTML reader is made of: the walk over the tree, what hides text, and what attributes carry."""
