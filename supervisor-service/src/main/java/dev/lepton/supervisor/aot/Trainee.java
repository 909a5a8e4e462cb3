package dev.lepton.supervisor.aot;

import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.declaration.Probe;
import java.nio.file.Path;
import java.util.Map;

/**
 * A program that wants a cache, and how its training is run.
 *
 * @param name of its cache
 * @param environment of the training run
 * @param probe what shows that the run has come far enough
 * @param port where it is asked
 */
record Trainee(
        String name,
        JavaCommand command,
        StartId startId,
        Map<String, String> environment,
        Path workingDirectory,
        Probe probe,
        int port) {}
