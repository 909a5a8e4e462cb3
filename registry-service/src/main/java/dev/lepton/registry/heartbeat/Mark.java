package dev.lepton.registry.heartbeat;

import dev.lepton.client.unit.StartId;

/**
 * The last beat of a unit that this replica took.
 *
 * @param seq only grows within a start
 * @param takenNanos when, by the monotonic clock
 * @param stored whether PostgreSQL has it
 */
record Mark(StartId start, long seq, long takenNanos, boolean stored) {

    Mark asStored() {
        return new Mark(start, seq, takenNanos, true);
    }
}
