package dev.lepton.platform.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@link StagedUnit}s have done, and which step is not to be taken yet. */
final class Stages {

    private final Path folder;

    /**
     * @param folder that the units share with the test
     */
    Stages(Path folder) {
        this.folder = folder;
    }

    /** The line of a declaration that runs it, with signs of life by its supervisor. */
    String program() {
        return """
        command: ["${java}", -Xmx32m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -cp, "%s", %s, "${port}", "%s"]
            beater: node
            probe: { path: / }\
        """
                .formatted(
                        Path.of(
                                StagedUnit.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath()),
                        StagedUnit.class.getName(),
                        folder);
    }

    /** What the units of a service did, one after the other, as {@code unit begins}. */
    List<String> life(String service) throws IOException {
        Path life = life(folder, service);
        return Files.exists(life) ? Files.readAllLines(life) : List.of();
    }

    static Path life(Path folder, String service) {
        return folder.resolve(service + ".life");
    }

    /** The unit's processes begin to serve no sooner than they are let. */
    void holdBegin(String unit) throws IOException {
        Files.createFile(hold(folder, unit, "begin"));
    }

    /** The unit's processes end no sooner than they are let. */
    void holdEnd(String unit) throws IOException {
        Files.createFile(hold(folder, unit, "end"));
    }

    void let(String unit) throws IOException {
        Files.deleteIfExists(hold(folder, unit, "begin"));
        Files.deleteIfExists(hold(folder, unit, "end"));
    }

    static Path hold(Path folder, String unit, String step) {
        return folder.resolve(unit + ".holds-" + step);
    }
}
