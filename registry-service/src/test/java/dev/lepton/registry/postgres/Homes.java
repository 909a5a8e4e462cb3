package dev.lepton.registry.postgres;

import dev.lepton.registry.support.EmbeddedTestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lepton homes for tests, whose programs are unpacked already. */
public final class Homes {

    private static @Nullable Path template;

    private Homes() {}

    /** As after an ordered stop, without a port. */
    public static synchronized Path usedIn(Path folder) throws IOException {
        Path original = template;
        if (original == null) {
            original = newIn(Files.createTempDirectory("lepton-template"));
            PostgresServer.start(original, System::nanoTime).close();
            // The tests kill processes, never the machine.
            Files.writeString(file(original, "data/local.conf"), "fsync = off\n");
            template = original;
            Path made = original.getParent();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
        }
        Path home = newIn(folder);
        for (String name : List.of("data", "password", "superuser-password")) {
            copy(file(original, name), file(home, name));
        }
        return home;
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(
                        path,
                        to.resolve(from.relativize(path)),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    static Path newIn(Path folder) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        // A folder for temporary files is closed to the user that the server of root may run as.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path postgres = Files.createDirectories(home.resolve("postgres"));
        Files.createSymbolicLink(postgres.resolve("bin"), EmbeddedTestServer.shared().binaries());
        return home;
    }

    static Path file(Path home, String name) {
        return home.resolve("postgres").resolve(name);
    }

    static long postmasterPid(Path home) throws IOException {
        return Long.parseLong(Files.readAllLines(file(home, "data/postmaster.pid")).getFirst());
    }
}
