// Nothing is called by name: the definitions win over those of the C library.
