package dev.lepton.supervisor.home;

import dev.lepton.client.unit.NodeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keeps the name under which this node was last started, whatever its host is called later. */
public final class NodeNameFile {

    private NodeNameFile() {}

    /**
     * The name that was kept, null before the first start.
     *
     * @throws IllegalArgumentException when the file holds no name
     */
    public static @Nullable NodeName read(LeptonHome home) throws IOException {
        Path file = home.nodeName();
        try {
            return new NodeName(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        } catch (NoSuchFileException _) {
            return null;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s is to hold the name of this node: %s; delete it to have this host's name"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    public static void keep(LeptonHome home, NodeName name) throws IOException {
        if (!name.equals(read(home))) {
            DurableFile.write(
                    home.nodeName(), (name.value() + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
