

def account(viewer: str) -> User:
    """Return the account of a viewer that `clients` made."""
    return User.objects.get(username=f"matrix-{viewer}")
