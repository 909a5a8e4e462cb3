package dev.lepton.registry.simulation.replica;

import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.postgres.Connection;
import dev.lepton.registry.simulation.postgres.Statements;
import dev.lepton.registry.simulation.postgres.Tables;
import dev.lepton.registry.time.NanoClock;
import java.time.InstantSource;
import java.util.UUID;

/**
 * What the parts of one replica's process work with.
 *
 * @param tables read only inside of a statement that goes through {@code connection}
 */
record Around(
        Ground ground,
        String place,
        UUID id,
        Life life,
        NanoClock clock,
        InstantSource time,
        Connection connection,
        Tables tables,
        Statements statements,
        Terms terms) {}
