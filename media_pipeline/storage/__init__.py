"""Where bytes rest: masters for good, derivatives until they are made again.

The stores take a Django storage (a folder or S3) as an argument and know neither settings nor models.
"""
