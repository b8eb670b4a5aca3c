"""What visibility costs: the same questions to a million items with a viewer's rules and without any."""
