package dev.lepton.benchmarks.registry;

import dev.lepton.benchmarks.process.StartedProcess;
import dev.lepton.benchmarks.process.Usage;
import java.io.IOException;
import java.net.URI;

/** A registry that runs, has units, and can be loaded. */
interface Contender {

    String title();

    URI url();

    boolean takes(Load load);

    /**
     * The requests of a load, as Lua for {@code wrk}.
     *
     * @param round counts the rounds, so that the units that one registers are new
     */
    String requests(Load load, int round);

    StartedProcess process();

    /** Of PostgreSQL; nothing where everything is kept in memory. */
    Usage databaseUsage() throws IOException;
}
