package dev.lepton.client.watch;

import dev.lepton.client.rest.ProtocolJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last list on disk, as the JSON of a {@link FleetList}. The file is replaced as a whole, so
 * that a reader sees the old list or the new one.
 */
final class DiskList {

    private static final long LARGEST_BYTES = 256L << 20;
    private static final System.Logger LOG = System.getLogger(DiskList.class.getName());

    private final Path file;
    private final JsonMapper json = ProtocolJson.lenient();

    DiskList(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** The list, null when there is none that can be read. */
    @Nullable FleetList load() {
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw new IOException("it is larger than " + LARGEST_BYTES + " bytes");
            }
            return json.readValue(Files.readAllBytes(file), FleetList.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | JacksonException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the disk list {0} is ignored, because it cannot be read: {1}",
                    file,
                    e.toString());
            return null;
        }
    }

    void store(FleetList list) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        Files.createDirectories(folder);
        Path next = folder.resolve(file.getFileName() + ".tmp");
        try (FileChannel channel =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(list));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
