package dev.lepton.supervisor.runtime;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything that a runtime needs to start a unit once.
 *
 * @param environment what the service gets beyond the inherited variables; includes {@code
 *     LEPTON_START_ID}
 * @param log the file that the run appends its output to
 */
public record LaunchSpec(
        UnitId unit,
        StartId startId,
        List<String> command,
        Map<String, String> environment,
        Path workingDirectory,
        Path log) {

    /** The same with another command. */
    public LaunchSpec with(List<String> otherCommand) {
        return new LaunchSpec(unit, startId, otherCommand, environment, workingDirectory, log);
    }
}
