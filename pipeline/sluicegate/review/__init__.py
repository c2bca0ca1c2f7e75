"""Part of Sluicegate; see the modules."""
