package dev.lepton.registry.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where the files of the embedded PostgreSQL lie: {@code postgres} in Lepton's home. */
record PostgresHome(Path folder) {

    /** Makes the folders that are missing. */
    static PostgresHome under(Path leptonHome) {
        try {
            if (!Files.isDirectory(leptonHome)) {
                Path parent = leptonHome.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(
                        leptonHome,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            Path folder = leptonHome.resolve("postgres");
            Files.createDirectories(folder);
            return new PostgresHome(folder.toRealPath());
        } catch (IOException e) {
            throw PostgresRefusal.misconfigured(
                    "cannot make the folder of the embedded PostgreSQL under 'lepton.home' "
                            + leptonHome
                            + ": "
                            + e);
        }
    }

    Path leptonHome() {
        Path parent = folder.getParent();
        return parent == null ? folder : parent;
    }

    Path data() {
        return folder.resolve("data");
    }

    Path binaries() {
        return folder.resolve("bin");
    }

    Path log() {
        return folder.resolve("log");
    }

    /** What the postmaster prints before its log collector runs. */
    Path startLog() {
        return log().resolve("start.log");
    }

    Path portFile() {
        return folder.resolve("port");
    }

    Path passwordFile() {
        return folder.resolve("password");
    }

    Path superuserPasswordFile() {
        return folder.resolve("superuser-password");
    }

    Path lockFile() {
        return folder.resolve("lock");
    }

    /** Tells the server of this data directory from every other: any session may read it. */
    String clusterName() {
        return "lepton-" + Digests.hexOf(data().toString()).substring(0, 16);
    }
}
