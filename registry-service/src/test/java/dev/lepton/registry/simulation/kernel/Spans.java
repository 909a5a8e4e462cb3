package dev.lepton.registry.simulation.kernel;

/** Spans of virtual time in nanoseconds. */
public final class Spans {

    public static final long MICRO = 1_000;
    public static final long MILLI = 1_000 * MICRO;
    public static final long SECOND = 1_000 * MILLI;

    private Spans() {}
}
