package dev.lepton.registry.postgres;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's programs, unpacked once from the archive on the class path. */
record PostgresBinaries(Path folder) {

    private static final Logger log = LoggerFactory.getLogger(PostgresBinaries.class);

    /** Unpacks into a folder named after the archive's digest; half an unpacking is never seen. */
    static PostgresBinaries unpacked(Path parent) {
        try {
            String digest;
            try (InputStream archive = archive()) {
                digest = Digests.hexOf(archive).substring(0, 16);
            }
            Path folder = parent.resolve(digest);
            if (!Files.isDirectory(folder)) {
                log.info("Unpacking PostgreSQL into {}", folder);
                Files.createDirectories(parent);
                Path partial = parent.resolve(digest + ".partial");
                Folders.delete(partial);
                unpack(partial);
                Files.move(partial, folder);
            }
            return new PostgresBinaries(folder);
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot unpack PostgreSQL into " + parent, e);
        }
    }

    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    /** Removes what other versions have left; not while one of them may still be running. */
    void removeOthers() {
        try (Stream<Path> siblings = Files.list(folder.resolveSibling("."))) {
            for (Path other : siblings.toList()) {
                if (!other.getFileName().equals(folder.getFileName())) {
                    Folders.delete(other);
                }
            }
        } catch (IOException e) {
            log.warn("Cannot remove older programs beside {}: {}", folder, e.toString());
        }
    }

    private static InputStream archive() throws IOException {
        String system = Commands.isMac() ? "Darwin" : System.getProperty("os.name", "");
        String machine = System.getProperty("os.arch", "");
        try {
            return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
        } catch (IllegalStateException e) {
            throw PostgresRefusal.misconfigured(
                    "no embedded PostgreSQL is packed for %s on %s: name a database in 'spring.datasource.url'"
                            .formatted(system, machine));
        }
    }

    private static void unpack(Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(archive()))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("an entry leads out of the archive: " + entry.getName());
                }
                unpack(tar, entry, path);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, path);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
