package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A run as an earlier supervisor has written it down.
 *
 * @param mark null when that supervisor died before it could
 * @param log the file of its output, null when none was written down
 */
public record RecordedRun(
        UnitId unit, StartId startId, @Nullable RunMark mark, @Nullable Path log) {}
