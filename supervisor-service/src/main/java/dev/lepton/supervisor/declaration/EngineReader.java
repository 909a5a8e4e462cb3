package dev.lepton.supervisor.declaration;

import dev.lepton.client.unit.ServiceName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads where the container engine is, and which containers belong to the node. */
final class EngineReader {

    private EngineReader() {}

    /** Null when no service runs in containers. */
    static @Nullable EngineChoice read(
            YamlSection root, Map<ServiceName, ServiceDeclaration> services) {
        URI url = url(root);
        String project = project(root);
        boolean needed = services.values().stream().anyMatch(ServiceDeclaration::inContainers);
        if (!needed) {
            for (String key : List.of("engine", "project")) {
                if (root.has(key)) {
                    root.problemAtKey(
                            key, "'%s' is for 'containers', which no service has".formatted(key));
                }
            }
            return null;
        }
        return new EngineChoice(url, project);
    }

    private static URI url(YamlSection root) {
        String text = root.text("engine");
        if (text == null) {
            return EngineChoice.ORDINARY_URL;
        }
        try {
            URI url = new URI(text);
            if (isSocket(url) || isAddress(url)) {
                return url;
            }
        } catch (URISyntaxException _) {
            // Said below, as every other one that leads nowhere.
        }
        root.problemAt(
                "engine",
                "'engine' '%s' must be a URL such as unix:///var/run/docker.sock or tcp://engine:2375"
                        .formatted(YamlSection.shown(text)));
        return EngineChoice.ORDINARY_URL;
    }

    private static boolean isSocket(URI url) {
        return "unix".equals(url.getScheme())
                && url.getAuthority() == null
                && url.getPath() != null
                && url.getPath().length() > 1;
    }

    private static boolean isAddress(URI url) {
        return "tcp".equals(url.getScheme())
                && url.getHost() != null
                && url.getPort() > 0
                && url.getUserInfo() == null
                && (url.getPath().isEmpty() || url.getPath().equals("/"));
    }

    private static @Nullable String project(YamlSection root) {
        String text = root.text("project");
        // As Compose itself names them.
        if (text != null && !text.matches("[a-z0-9][a-z0-9_-]{0,127}")) {
            root.problemAt(
                    "project",
                    "'project' '%s' must be the name of a Compose project: lower-case letters, digits, '-' and '_'"
                            .formatted(YamlSection.shown(text)));
        }
        return text;
    }
}
