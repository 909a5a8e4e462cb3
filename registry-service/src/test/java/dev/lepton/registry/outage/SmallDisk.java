package dev.lepton.registry.outage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system of a few megabytes in memory, which can be filled up; only root can have one. */
final class SmallDisk implements AutoCloseable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    static SmallDisk mounted(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        if (!run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=" + megabytes + "m,mode=0755",
                "tmpfs",
                folder.toString())) {
            throw new IOException("cannot mount a tmpfs at " + folder);
        }
        return new SmallDisk(folder);
    }

    Path folder() {
        return folder;
    }

    /** To the last byte. */
    void fill() throws IOException {
        byte[] piece = new byte[4096];
        try (OutputStream out =
                Files.newOutputStream(
                        filling(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException e) {
            if (Files.getFileStore(folder).getUsableSpace() > piece.length) {
                throw e;
            }
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(filling());
    }

    private Path filling() {
        return folder.resolve("filling");
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Also while a process still has a file of it open. */
    @Override
    public void close() throws IOException {
        run("umount", "--lazy", folder.toString());
    }
}
