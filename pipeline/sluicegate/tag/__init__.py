"""A document in; its chemistries, processes, quantities, languages and structure out (`Tagger`, `Tagged`)."""

from sluicegate.tag.recipe import PARTS, recipe_parts
from sluicegate.tag.tagged import Tagged
from sluicegate.tag.tagger import Tagger

__all__ = ["PARTS", "Tagged", "Tagger", "recipe_parts"]
