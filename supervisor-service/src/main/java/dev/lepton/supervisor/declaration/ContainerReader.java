package dev.lepton.supervisor.declaration;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the section of a service whose units are containers that somebody else has created. */
final class ContainerReader {

    /** What a container gets from its image and from who creates it. */
    private static final List<String> OF_PROCESSES =
            List.of(
                    "command",
                    "jar",
                    "java-options",
                    "args",
                    "units",
                    "env",
                    "working-directory",
                    "aot");

    private ContainerReader() {}

    static ServiceDeclaration read(ServiceName name, YamlSection section, Path folder) {
        for (String key : OF_PROCESSES) {
            if (section.has(key)) {
                section.problemAtKey(
                        key,
                        "'%s' is for processes, but '%s' has 'containers': they are created elsewhere, as by Compose"
                                .formatted(section.path(key), section.title()));
            }
        }
        if (!section.has("port")) {
            section.problemAtKey(
                    "containers",
                    "'%s' needs 'port': where its containers listen".formatted(section.title()));
        }
        PortChoice port = section.has("port") ? fixedPort(section, "port") : PortChoice.FREE;
        PortChoice managementPort =
                section.has("management-port") ? fixedPort(section, "management-port") : null;
        Beating beating = section.word("beater", Beating.class, Beating.SELF);
        List<UnitId> units = units(name, section);
        return new ServiceDeclaration(
                name,
                List.of(),
                units.size(),
                port,
                managementPort,
                beating,
                ServiceReader.probe(section, managementPort != null),
                ServiceReader.dependsOn(section),
                Map.of(),
                folder,
                ServiceReader.stopTimeout(section),
                ServiceReader.liveness(section, managementPort != null, beating),
                PolicyReader.read(section, beating),
                null,
                units);
    }

    private static PortChoice fixedPort(YamlSection section, String key) {
        return ServiceReader.port(section, key, null);
    }

    private static List<UnitId> units(ServiceName name, YamlSection section) {
        if (section.isScalar("containers")) {
            int number = section.number("containers", 1, ServiceReader.MOST_UNITS, 1);
            return IntStream.rangeClosed(1, number)
                    .mapToObj(n -> new UnitId(name.value() + "-" + n))
                    .toList();
        }
        List<String> texts = section.texts("containers");
        Set<UnitId> units = new LinkedHashSet<>();
        for (String text : texts == null ? List.<String>of() : texts) {
            UnitId unit = unit(section, text);
            if (unit != null && !units.add(unit)) {
                section.problemAt(
                        "containers",
                        "'%s' names %s twice".formatted(section.path("containers"), unit));
            }
        }
        if (texts != null && texts.isEmpty()) {
            section.problemAt(
                    "containers",
                    "'%s' must be a number or name at least one unit"
                            .formatted(section.path("containers")));
        }
        if (units.size() > ServiceReader.MOST_UNITS) {
            section.problemAt(
                    "containers",
                    "'%s' names %d units, the limit is %d"
                            .formatted(
                                    section.path("containers"),
                                    units.size(),
                                    ServiceReader.MOST_UNITS));
        }
        return List.copyOf(units);
    }

    private static @Nullable UnitId unit(YamlSection section, String text) {
        try {
            return new UnitId(text);
        } catch (IllegalArgumentException e) {
            section.problemAt("containers", DeclarationReader.message(e));
            return null;
        }
    }
}
