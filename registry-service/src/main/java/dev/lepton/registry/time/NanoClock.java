package dev.lepton.registry.time;

/**
 * The monotonic clock of this process, for durations and every lease. Two readings can be
 * subtracted, never compared with {@code <}, and mean nothing outside the process.
 */
@FunctionalInterface
public interface NanoClock {

    long nanos();
}
