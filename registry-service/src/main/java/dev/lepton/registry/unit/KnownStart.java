package dev.lepton.registry.unit;

/**
 * A start that was admitted once.
 *
 * @param ended whether its end was reported or proven
 */
public record KnownStart(long incarnation, boolean ended) {}
