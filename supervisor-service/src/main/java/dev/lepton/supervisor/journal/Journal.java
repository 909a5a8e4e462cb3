package dev.lepton.supervisor.journal;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.home.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The records of all units, one file each; a record that was written survives any crash. */
public final class Journal {

    private static final String SUFFIX = ".json";

    private final Path folder;
    private final JsonMapper json = ProtocolJson.lenient();

    public Journal(Path folder) {
        this.folder = folder;
    }

    /** The record of a unit, or an empty one. */
    public UnitRecord read(UnitId unit) {
        Path file = file(unit);
        return Files.exists(file) ? parse(file) : UnitRecord.unknown(unit);
    }

    /**
     * @throws UnreadableJournal when a file of the folder is no record
     */
    public List<UnitRecord> readAll() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .map(this::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the journal " + folder, e);
        }
    }

    public void write(UnitRecord entry) {
        try {
            DurableFile.write(file(entry.unitId()), json.writeValueAsBytes(entry));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the journal of " + entry.unitId(), e);
        }
    }

    public void forget(UnitId unit) {
        try {
            DurableFile.delete(file(unit));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the journal of " + unit, e);
        }
    }

    private UnitRecord parse(Path file) {
        try {
            return json.readValue(Files.readAllBytes(file), UnitRecord.class);
        } catch (JacksonException | IOException e) {
            throw new UnreadableJournal(file, e);
        }
    }

    private Path file(UnitId unit) {
        return folder.resolve(unit.value() + SUFFIX);
    }
}
