package dev.lepton.platform.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that these tests were built from. */
public final class Checkout {

    private Checkout() {}

    public static Path root() {
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("platform-tests"))
                    && Files.isRegularFile(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no checkout of Lepton above " + here);
    }

    /** The executable jar of a service module. */
    public static Path jar(String module) {
        try (var jars =
                Files.newDirectoryStream(root().resolve(module).resolve("target"), "*-exec.jar")) {
            for (Path jar : jars) {
                return jar;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(
                "no executable jar in " + module + "/target: run ./mvnw package first");
    }

    /** The {@code java} that runs these tests. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }
}
