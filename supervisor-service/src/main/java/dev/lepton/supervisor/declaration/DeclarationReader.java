package dev.lepton.supervisor.declaration;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads {@code lepton.yml}. A file with a fault is refused as a whole, with the place of each
 * fault. Plain YAML only: no tags, few aliases, at most 1 MB.
 */
public final class DeclarationReader {

    private static final int LARGEST = 1024 * 1024;
    private static final int MOST_ALIASES = 20;
    private static final int DEEPEST = 20;
    private static final int MOST_CAPACITY = 1000;
    private static final Set<String> KEYS =
            Set.of("node", "registry", "address", "capacity", "engine", "project", "services");
    private static final Set<Tag> PLAIN =
            Set.of(
                    Tag.STR,
                    Tag.INT,
                    Tag.FLOAT,
                    Tag.BOOL,
                    Tag.NULL,
                    Tag.TIMESTAMP,
                    Tag.SEQ,
                    Tag.MAP,
                    Tag.MERGE,
                    Tag.BINARY);

    private final String hostName;
    private final Map<String, String> environment;

    /**
     * @param hostName the node's name where the file gives none
     * @param environment what {@code ${env:NAME}} stands for
     */
    public DeclarationReader(String hostName, Map<String, String> environment) {
        this.hostName = hostName;
        this.environment = Map.copyOf(environment);
    }

    /**
     * @throws DeclarationRefused when the file is missing or anything in it is wrong
     */
    public Declaration read(Path file) {
        String text;
        try {
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                throw refused(
                        file, "has %d bytes, the limit is %d".formatted(Files.size(file), LARGEST));
            }
            text = Files.readString(file);
        } catch (NoSuchFileException _) {
            throw refused(file, "there is no such file");
        } catch (CharacterCodingException _) {
            throw refused(file, "is not UTF-8 text");
        } catch (IOException e) {
            throw refused(file, "cannot be read: " + e.getMessage());
        }
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        return read(file.toString(), folder == null ? absolute : folder, text);
    }

    Declaration read(String file, Path folder, String text) {
        Node root = compose(file, text);
        List<Problem> problems = new ArrayList<>();
        refuseTags(file, root, problems);
        YamlSection section = new YamlSection(file, "", root, problems);
        if (root instanceof MappingNode) {
            section.refuseUnknownKeys(KEYS);
        }
        NodeName node = node(section);
        List<URI> registry = registry(section);
        Map<ServiceName, ServiceDeclaration> services =
                services(section, folder, root instanceof MappingNode);
        String address = NodeAddress.read(section, registry, services.values());
        exclusiveNeedsRegistry(section, services);
        EngineChoice engine = EngineReader.read(section, services);
        int declared = services.values().stream().mapToInt(ServiceDeclaration::units).sum();
        int capacity = section.number("capacity", 0, MOST_CAPACITY, declared);
        if (!problems.isEmpty()) {
            throw new DeclarationRefused(problems.stream().distinct().toList());
        }
        return new Declaration(node, registry, capacity, address, engine, services);
    }

    private static Node compose(String file, String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        options.setNestingDepthLimit(DEEPEST);
        try {
            Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (root == null || Tag.NULL.equals(root.getTag())) {
                throw new DeclarationRefused(
                        List.of(new Problem(file, "is empty; it must declare 'services'")));
            }
            return root;
        } catch (MarkedYAMLException e) {
            String where =
                    e.getProblemMark() == null
                            ? file
                            : "%s:%d:%d"
                                    .formatted(
                                            file,
                                            e.getProblemMark().getLine() + 1,
                                            e.getProblemMark().getColumn() + 1);
            throw new DeclarationRefused(
                    List.of(
                            new Problem(
                                    where,
                                    "is no YAML: "
                                            + YamlSection.shown(String.valueOf(e.getProblem())))));
        } catch (YAMLException e) {
            throw new DeclarationRefused(
                    List.of(
                            new Problem(
                                    file,
                                    "is no YAML: "
                                            + YamlSection.shown(
                                                    String.valueOf(e.getMessage())
                                                            .lines()
                                                            .findFirst()
                                                            .orElse("")))));
        }
    }

    private static void refuseTags(String file, Node node, List<Problem> problems) {
        ArrayDeque<Node> open = new ArrayDeque<>(List.of(node));
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!open.isEmpty()) {
            Node next = open.pop();
            if (!seen.add(next)) {
                continue;
            }
            if (!PLAIN.contains(next.getTag())) {
                problems.add(
                        new Problem(
                                "%s:%d:%d"
                                        .formatted(
                                                file,
                                                next.getStartMark().getLine() + 1,
                                                next.getStartMark().getColumn() + 1),
                                "tag '%s' is not allowed; write the plain value"
                                        .formatted(YamlSection.shown(next.getTag().getValue()))));
            }
            switch (next) {
                case MappingNode mapping ->
                        mapping.getValue()
                                .forEach(tuple -> {
                                    open.push(tuple.getValueNode());
                                    open.push(tuple.getKeyNode());
                                });
                case SequenceNode sequence -> sequence.getValue().forEach(open::push);
                case ScalarNode _ -> {}
                default -> {}
            }
        }
    }

    private NodeName node(YamlSection section) {
        String name = section.text("node");
        try {
            return new NodeName(name == null ? hostName : name);
        } catch (IllegalArgumentException e) {
            section.problemAt("node", message(e));
            return new NodeName("unknown");
        }
    }

    private static List<URI> registry(YamlSection section) {
        if (!section.has("registry")) {
            return List.of();
        }
        String single = section.isScalar("registry") ? section.text("registry") : null;
        List<String> texts =
                single != null
                        ? List.of(single.split(","))
                        : section.isScalar("registry") ? null : section.texts("registry");
        List<URI> urls = new ArrayList<>();
        for (String text : texts == null ? List.<String>of() : texts) {
            URI url = url(text.strip());
            if (url == null) {
                section.problemAt(
                        "registry",
                        "'registry' '%s' must be a URL such as http://127.0.0.1:8761"
                                .formatted(YamlSection.shown(text)));
            } else {
                urls.add(url);
            }
        }
        return urls;
    }

    private static @Nullable URI url(String text) {
        try {
            URI url = new URI(text);
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return web && url.getHost() != null && url.getUserInfo() == null ? url : null;
        } catch (URISyntaxException _) {
            return null;
        }
    }

    private Map<ServiceName, ServiceDeclaration> services(
            YamlSection root, Path folder, boolean isMapping) {
        Map<ServiceName, ServiceDeclaration> services = new LinkedHashMap<>();
        YamlSection all = root.section("services");
        if (all == null) {
            if (isMapping) {
                root.problemAt("services", "'services' is missing; it declares what is to run");
            }
            return services;
        }
        ServiceReader reader = new ServiceReader(folder, environment);
        for (String key : all.keys()) {
            ServiceName name = serviceName(all, key);
            YamlSection section = all.section(key);
            if (name != null && section != null) {
                services.put(name, reader.read(name, section));
            }
        }
        if (services.isEmpty()) {
            root.problemAt("services", "'services' must declare at least one service");
        }
        WholeChecks.check(services, all);
        return services;
    }

    private static void exclusiveNeedsRegistry(
            YamlSection section, Map<ServiceName, ServiceDeclaration> services) {
        if (namesARegistry(section)) {
            return;
        }
        services.values().stream()
                .filter(service -> service.policy().exclusive())
                .map(service -> service.name().value())
                .forEach(name ->
                        section.problemAtKey(
                                "services",
                                "'services.%s.exclusive' needs 'registry' to name a URL such as http://127.0.0.1:8761, because only a registry can confirm its units; add one there, or leave 'exclusive' out"
                                        .formatted(name)));
    }

    /** Also where what it names is no URL, which is a fault of its own. */
    private static boolean namesARegistry(YamlSection section) {
        if (!section.has("registry") || section.isScalar("registry")) {
            return section.has("registry");
        }
        List<String> named = section.texts("registry");
        return named == null || !named.isEmpty();
    }

    private static @Nullable ServiceName serviceName(YamlSection all, String key) {
        try {
            return new ServiceName(key);
        } catch (IllegalArgumentException e) {
            all.problemAtKey(key, message(e));
            return null;
        }
    }

    private static DeclarationRefused refused(Path file, String text) {
        return new DeclarationRefused(List.of(new Problem(file.toString(), text)));
    }

    static String message(IllegalArgumentException e) {
        return String.valueOf(e.getMessage());
    }
}
