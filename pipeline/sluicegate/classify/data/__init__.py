"""Data files of the classifier: the classes of words and units."""
