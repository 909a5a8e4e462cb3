package dev.lepton.supervisor.journal;

/**
 * How far a unit has followed its desired row.
 *
 * @param clusterId of the change log that the row stands in; another one counts anew
 * @param generation of the row that the unit was brought to
 * @param restartGeneration the unit was restarted for
 */
public record ObservedDesired(String clusterId, long generation, long restartGeneration) {}
