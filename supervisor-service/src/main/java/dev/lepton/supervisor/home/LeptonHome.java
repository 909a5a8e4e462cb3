package dev.lepton.supervisor.home;

import dev.lepton.client.unit.UnitId;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder that holds all state of the platform on this machine, by absolute path. */
public record LeptonHome(Path folder) {

    public LeptonHome {
        folder = folder.toAbsolutePath().normalize();
    }

    /** Makes the folders that are missing; only their owner may look into them. */
    public LeptonHome create() throws IOException {
        privateFolder(folder);
        privateFolder(supervisor());
        privateFolder(journal());
        privateFolder(logs());
        privateFolder(aot());
        return this;
    }

    public Path token() {
        return folder.resolve("token");
    }

    public Path lock() {
        return supervisor().resolve("lock");
    }

    /** Tells the command line which supervisor runs here, and where it answers. */
    public Path note() {
        return supervisor().resolve("supervisor.json");
    }

    public Path fleetList() {
        return supervisor().resolve("fleet.json");
    }

    /** The last policies of the registry. */
    public Path policies() {
        return supervisor().resolve("policies.json");
    }

    /** The containers that somebody else has stopped. */
    public Path stops() {
        return supervisor().resolve("stopped-containers.json");
    }

    /** The name of this node. */
    public Path nodeName() {
        return supervisor().resolve("node");
    }

    public Path journal() {
        return supervisor().resolve("units");
    }

    public Path logs() {
        return folder.resolve("logs");
    }

    /** Where the command line has this process's own output appended. */
    public Path supervisorLog() {
        return logs().resolve("supervisor.log");
    }

    public Path logs(UnitId unit) {
        return logs().resolve(unit.value());
    }

    /** The folder of the AOT caches. */
    public Path aot() {
        return folder.resolve("aot");
    }

    private Path supervisor() {
        return folder.resolve("supervisor");
    }

    private static void privateFolder(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(path);
        }
    }
}
