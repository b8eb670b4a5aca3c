"""Three sizes of photographs against sharp and easy-thumbnails."""
