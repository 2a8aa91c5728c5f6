"""An event in time: who was first with a statement, and which figures were told when."""
