package dev.lepton.cli.app;

import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The folder of the product's sources, where the build leaves the services' jars. */
public record Checkout(Path folder) {

    public Path declaration() {
        return folder.resolve("lepton.yml");
    }

    /**
     * The executable jar of each service, by its module.
     *
     * @throws CommandFailed when one is not built
     */
    public Map<String, Path> serviceJars() throws IOException {
        Map<String, Path> jars = new TreeMap<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(folder, "*-service")) {
            for (Path module : modules) {
                if (Files.exists(module.resolve("pom.xml"))) {
                    jars.put(module.getFileName().toString(), jarOf(module));
                }
            }
        }
        if (!jars.containsKey("supervisor-service")) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    folder + " has no supervisor-service: start './lepton' in Lepton's own folder");
        }
        return jars;
    }

    private static Path jarOf(Path module) throws IOException {
        Path target = module.resolve("target");
        Path newest = Files.isDirectory(target) ? newestJar(target) : null;
        if (newest == null) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    "%s is not built: run './mvnw -DskipTests package'"
                            .formatted(module.getFileName()));
        }
        return newest;
    }

    private static @Nullable Path newestJar(Path target) throws IOException {
        Path newest = null;
        FileTime changed = null;
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "*-exec.jar")) {
            for (Path jar : jars) {
                FileTime time = Files.getLastModifiedTime(jar);
                if (changed == null || time.compareTo(changed) > 0) {
                    newest = jar;
                    changed = time;
                }
            }
        }
        return newest;
    }
}
