"""base is production and reads the environment; dev is `make run`; test is the test suite."""
