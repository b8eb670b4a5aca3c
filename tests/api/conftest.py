"""The API's tests write bytes into stores of their own."""

from tests.access_matrix.fixtures import data_folder  # noqa: F401  # pytest finds fixtures by name
