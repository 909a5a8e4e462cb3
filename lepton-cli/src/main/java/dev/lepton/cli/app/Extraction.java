package dev.lepton.cli.app;

import java.io.IOException;
import java.nio.file.Path;

/** Unpacks an executable jar into an application jar and its libraries. */
@FunctionalInterface
public interface Extraction {

    /**
     * @param destination must not exist yet
     */
    void extract(Path jar, Path destination) throws IOException;
}
