package dev.lepton.registry.changelog;

/**
 * The fencing token of a duty: the write happens only while this epoch of the role is the stored
 * one.
 */
public record LeaderGuard(String role, long epoch) {}
