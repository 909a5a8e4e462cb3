package dev.lepton.registry.watch;

/**
 * A change as it goes over the wire, encoded once and shared by all watchers.
 *
 * @param end how many bytes of changes there are up to and with this one
 */
record Frame(long revision, byte[] bytes, long end) {}
