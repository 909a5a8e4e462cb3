package dev.lepton.supervisor.declaration;

import dev.lepton.client.unit.ServiceName;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the section of one service. */
final class ServiceReader {

    private static final Set<String> KEYS =
            Set.of(
                    "command",
                    "containers",
                    "jar",
                    "java-options",
                    "args",
                    "units",
                    "port",
                    "management-port",
                    "beater",
                    "probe",
                    "liveness",
                    "depends-on",
                    "env",
                    "working-directory",
                    "stop",
                    "start",
                    "restart",
                    "exclusive",
                    "aot");

    /** What a child must be able to rely on; the service's own environment cannot set it. */
    private static final Set<String> RESERVED =
            Set.of(
                    "LEPTON_UNIT_ID",
                    "LEPTON_START_ID",
                    "LEPTON_SERVICE",
                    "LEPTON_NODE",
                    "LEPTON_PORT",
                    "LEPTON_MANAGEMENT_PORT",
                    "LEPTON_NODE_ADDRESS",
                    "LEPTON_HOME");

    static final int MOST_UNITS = 100;
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Path folder;
    private final Map<String, String> environment;

    ServiceReader(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    ServiceDeclaration read(ServiceName name, YamlSection section) {
        section.refuseUnknownKeys(KEYS);
        if (section.has("containers")) {
            return ContainerReader.read(name, section, folder);
        }
        PortChoice managementPort =
                section.has("management-port") ? port(section, "management-port", "auto") : null;
        List<String> command = command(section, managementPort != null);
        Beating beating =
                section.word(
                        "beater", Beating.class, section.has("jar") ? Beating.SELF : Beating.NODE);
        PortChoice port = section.has("port") ? port(section, "port", null) : PortChoice.FREE;
        int units = section.number("units", 0, MOST_UNITS, 1);
        refuseSharedPort(section, "port", port, units);
        refuseSharedPort(section, "management-port", managementPort, units);
        return new ServiceDeclaration(
                name,
                command,
                units,
                port,
                managementPort,
                beating,
                probe(section, managementPort != null),
                dependsOn(section),
                environmentOf(section, managementPort != null),
                workingDirectory(section, managementPort != null),
                stopTimeout(section),
                liveness(section, managementPort != null, beating),
                PolicyReader.read(section, beating),
                aot(section, managementPort != null));
    }

    private @Nullable AotTraining aot(YamlSection section, boolean hasManagementPort) {
        if (!section.has("aot")) {
            return null;
        }
        if (!section.has("jar")) {
            section.problemAtKey(
                    "aot",
                    "'%s' goes with 'jar': only a Java program has such a cache"
                            .formatted(section.path("aot")));
        }
        Probe ordinary = probe(section, hasManagementPort);
        AotTraining training = training(section, ordinary, hasManagementPort);
        if (training != null && training.probe().equals(Probe.NONE)) {
            section.problemAtKey(
                    "aot",
                    "'%s' needs a probe, its own or the service's, that tells when the program has come up"
                            .formatted(section.path("aot")));
        }
        return training;
    }

    private @Nullable AotTraining training(
            YamlSection section, Probe ordinary, boolean hasManagementPort) {
        if (section.isScalar("aot")) {
            return switch (String.valueOf(section.text("aot"))) {
                case "true" -> new AotTraining(ordinary, Map.of());
                case "false" -> null;
                default -> {
                    section.problemAt(
                            "aot",
                            "'%s' must be true, false or a mapping such as { env: { NAME: value } }"
                                    .formatted(section.path("aot")));
                    yield null;
                }
            };
        }
        YamlSection aot = section.section("aot");
        if (aot == null) {
            return null;
        }
        aot.refuseUnknownKeys(Set.of("probe", "env"));
        return new AotTraining(
                aot.has("probe") ? probe(aot, hasManagementPort) : ordinary,
                environmentOf(aot, hasManagementPort));
    }

    private List<String> command(YamlSection section, boolean hasManagementPort) {
        List<String> command = texts(section, "command", hasManagementPort);
        String jar = text(section, "jar", hasManagementPort);
        List<String> javaOptions = texts(section, "java-options", hasManagementPort);
        List<String> args = texts(section, "args", hasManagementPort);
        if (section.has("command") == section.has("jar")) {
            section.problemAt(
                    "jar",
                    section.has("jar")
                            ? "'%s' has both 'command' and 'jar'; keep one"
                                    .formatted(section.title())
                            : "'%s' needs 'command', 'jar' or 'containers'"
                                    .formatted(section.title()));
            return List.of();
        }
        if (section.has("command")) {
            for (String onlyWithJar : List.of("java-options", "args")) {
                if (section.has(onlyWithJar)) {
                    section.problemAtKey(
                            onlyWithJar,
                            "'%s' goes with 'jar'; put it into 'command'"
                                    .formatted(section.path(onlyWithJar)));
                }
            }
            if (command != null && command.isEmpty()) {
                section.problemAt(
                        "command", "'%s' must name a program".formatted(section.path("command")));
            }
            return command == null || command.isEmpty() ? List.of() : located(command);
        }
        List<String> java = new ArrayList<>(List.of("${java}"));
        java.addAll(javaOptions == null ? List.of() : javaOptions);
        java.addAll(List.of("-jar", jar == null ? "" : located(jar)));
        java.addAll(args == null ? List.of() : args);
        return java;
    }

    /** A program that is given by a relative path is looked for from the file's folder. */
    private List<String> located(List<String> command) {
        String program = command.getFirst();
        List<String> located = new ArrayList<>(command);
        located.set(0, program.indexOf('/') > 0 ? located(program) : program);
        return located;
    }

    private String located(String path) {
        return path.startsWith("/") || path.startsWith("${")
                ? path
                : folder.resolve(path).normalize().toString();
    }

    static PortChoice port(YamlSection section, String key, @Nullable String automatic) {
        String text = section.text(key);
        if (text == null || text.equals(automatic)) {
            return PortChoice.FREE;
        }
        Integer port = YamlSection.wholeNumber(text);
        if (port == null || port < 1 || port > 65535) {
            section.problemAt(
                    key,
                    "'%s' %s must be %sa whole number from 1 to 65535"
                            .formatted(
                                    section.path(key),
                                    YamlSection.shown(text),
                                    automatic == null ? "" : "'" + automatic + "' or "));
            return PortChoice.FREE;
        }
        return PortChoice.fixed(port);
    }

    private static void refuseSharedPort(
            YamlSection section, String key, @Nullable PortChoice choice, int units) {
        if (choice != null && choice.fixed() != null && units > 1) {
            section.problemAt(
                    key,
                    "'%s' %d cannot be shared by %d units; leave it out, and each gets a free one"
                            .formatted(section.path(key), choice.fixed(), units));
        }
    }

    static Probe probe(YamlSection section, boolean hasManagementPort) {
        if (!section.has("probe")) {
            return Probe.CONNECT;
        }
        if (section.isScalar("probe")) {
            if (!"none".equals(section.text("probe"))) {
                section.problemAt(
                        "probe",
                        "'%s' must be 'none' or a mapping such as { path: /health }"
                                .formatted(section.path("probe")));
            }
            return Probe.NONE;
        }
        YamlSection probe = section.section("probe");
        if (probe == null) {
            return Probe.CONNECT;
        }
        probe.refuseUnknownKeys(Set.of("path", "port"));
        return httpProbe(probe, hasManagementPort);
    }

    private static Probe httpProbe(YamlSection probe, boolean hasManagementPort) {
        String path = probe.text("path");
        if (path == null) {
            probe.problemAt("path", "'%s' is missing".formatted(probe.path("path")));
        } else if (!path.matches("/[!-~]*")) {
            probe.problemAt(
                    "path",
                    "'%s' '%s' must begin with '/' and hold no spaces"
                            .formatted(probe.path("path"), YamlSection.shown(path)));
        } else if (notOfAUrl(path) != null) {
            probe.problemAt(
                    "path",
                    "'%s' '%s' is no path of a URL: %s"
                            .formatted(
                                    probe.path("path"), YamlSection.shown(path), notOfAUrl(path)));
        }
        String port = probe.text("port");
        if (port != null && !port.equals("main") && !port.equals("management")) {
            probe.problemAt(
                    "port",
                    "'%s' '%s' must be main or management"
                            .formatted(probe.path("port"), YamlSection.shown(port)));
        } else if ("management".equals(port) && !hasManagementPort) {
            probe.problemAt(
                    "port",
                    "'%s' management needs 'management-port' to be declared"
                            .formatted(probe.path("port")));
        }
        return Probe.http(path == null ? "/" : path, "management".equals(port));
    }

    /** Why this cannot be asked for, null when it can. */
    private static @Nullable String notOfAUrl(String path) {
        try {
            return new URI("http://127.0.0.1" + path).getRawFragment() == null
                    ? null
                    : "what follows '#' is never sent";
        } catch (URISyntaxException e) {
            return e.getReason();
        }
    }

    static Set<ServiceName> dependsOn(YamlSection section) {
        List<String> texts = section.isScalar("depends-on") ? null : section.texts("depends-on");
        if (section.isScalar("depends-on")) {
            section.problemAt(
                    "depends-on",
                    "'%s' must be a list such as [registry]".formatted(section.path("depends-on")));
        }
        Set<ServiceName> names = new LinkedHashSet<>();
        for (String text : texts == null ? List.<String>of() : texts) {
            try {
                names.add(new ServiceName(text));
            } catch (IllegalArgumentException e) {
                section.problemAt("depends-on", DeclarationReader.message(e));
            }
        }
        return names;
    }

    private Map<String, String> environmentOf(YamlSection section, boolean hasManagementPort) {
        YamlSection env = section.section("env");
        if (env == null) {
            return Map.of();
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (String key : env.keys()) {
            if (!key.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                env.problemAtKey(
                        key,
                        "'%s' is no name of an environment variable: letters, digits and '_', no digit first"
                                .formatted(YamlSection.shown(key)));
            } else if (RESERVED.contains(key)) {
                env.problemAtKey(key, "'%s' is set by the supervisor itself".formatted(key));
            }
            String value = text(env, key, hasManagementPort);
            if (value != null) {
                variables.put(key, value);
            }
        }
        return variables;
    }

    private Path workingDirectory(YamlSection section, boolean hasManagementPort) {
        String text = text(section, "working-directory", hasManagementPort);
        if (text == null) {
            return folder;
        }
        try {
            return text.startsWith("${") ? Path.of(text) : folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            section.problemAt("working-directory", DeclarationReader.message(e));
            return folder;
        }
    }

    static Duration stopTimeout(YamlSection section) {
        YamlSection stop = section.section("stop");
        if (stop == null) {
            return ServiceDeclaration.ORDINARY_STOP_TIMEOUT;
        }
        stop.refuseUnknownKeys(Set.of("timeout"));
        return stop.duration(
                "timeout",
                Duration.ofMillis(100),
                LONGEST,
                ServiceDeclaration.ORDINARY_STOP_TIMEOUT);
    }

    /** A unit that is asked nothing to become ready is asked nothing later either. */
    static LivenessProbe liveness(YamlSection section, boolean hasManagementPort, Beating beating) {
        Probe otherwise =
                beating == Beating.SELF
                        ? LivenessProbe.OF_THE_STARTER
                        : section.has("probe") ? probe(section, hasManagementPort) : Probe.CONNECT;
        if (!section.has("liveness")) {
            return LivenessProbe.of(otherwise);
        }
        if (section.isScalar("liveness")) {
            if (!"none".equals(section.text("liveness"))) {
                section.problemAt(
                        "liveness",
                        "'%s' must be 'none' or a mapping such as { path: /health }"
                                .formatted(section.path("liveness")));
            }
            return LivenessProbe.of(Probe.NONE);
        }
        YamlSection liveness = section.section("liveness");
        if (liveness == null) {
            return LivenessProbe.of(otherwise);
        }
        liveness.refuseUnknownKeys(Set.of("path", "port", "timeout", "failures"));
        return new LivenessProbe(
                liveness.has("path") || liveness.has("port")
                        ? httpProbe(liveness, hasManagementPort)
                        : otherwise,
                liveness.duration(
                        "timeout",
                        Duration.ofMillis(100),
                        Duration.ofMinutes(1),
                        LivenessProbe.ORDINARY_TIMEOUT),
                liveness.number("failures", 2, 100, LivenessProbe.ORDINARY_FAILURES));
    }

    private @Nullable String text(YamlSection section, String key, boolean hasManagementPort) {
        String text = section.text(key);
        return text == null ? null : resolved(section, key, text, hasManagementPort);
    }

    private @Nullable List<String> texts(
            YamlSection section, String key, boolean hasManagementPort) {
        List<String> texts = section.texts(key);
        return texts == null
                ? null
                : texts.stream()
                        .map(text -> resolved(section, key, text, hasManagementPort))
                        .toList();
    }

    private String resolved(
            YamlSection section, String key, String text, boolean hasManagementPort) {
        String problem = Placeholders.problem(text, environment, hasManagementPort);
        if (problem != null) {
            section.problemAt(key, "'%s': %s".formatted(section.path(key), problem));
        }
        return Placeholders.resolveEnvironment(text, environment);
    }
}
