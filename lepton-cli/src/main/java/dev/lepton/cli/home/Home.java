package dev.lepton.cli.home;

import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.client.rest.BearerToken;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder that holds all state of one platform, by absolute path. */
public record Home(Path folder) {

    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    public Path app() {
        return folder.resolve("app");
    }

    /** The AOT caches that the supervisor makes. */
    public Path aot() {
        return folder.resolve("aot");
    }

    /** The declaration that the last {@code up} was given. */
    public Path lastDeclaration() {
        return app().resolve("declaration");
    }

    public Path supervisorLog() {
        return logs().resolve("supervisor.log");
    }

    public Path logs() {
        return folder.resolve("logs");
    }

    public Path supervisor() {
        return folder.resolve("supervisor");
    }

    public Path note() {
        return supervisor().resolve("supervisor.json");
    }

    public Path tokenFile() {
        return folder.resolve("token");
    }

    public BearerToken token() {
        try {
            return BearerToken.read(tokenFile());
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    /** Makes a folder in which only its owner may look. */
    public static void createPrivate(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    /**
     * Whether a supervisor holds the folder's lock. The answer needs the lock itself for a moment:
     * not to be asked while a supervisor is being started.
     */
    public boolean isHeld() throws IOException {
        Path lock = supervisor().resolve("lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
