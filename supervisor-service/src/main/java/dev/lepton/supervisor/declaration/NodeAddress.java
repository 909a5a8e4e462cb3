package dev.lepton.supervisor.declaration;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where others reach the units of a node. Without a word it is loopback, which leads nowhere once
 * the registry is on another machine.
 */
final class NodeAddress {

    private static final String KEY = "address";

    /** No host name, though an address with a port or a slip of the pen has the letters of one. */
    private static final Pattern SEEMS_NUMERIC = Pattern.compile("[0-9.]+|.*:.*");

    private NodeAddress() {}

    /** What the file says, null when it says nothing. */
    static @Nullable String read(
            YamlSection section, List<URI> registry, Collection<ServiceDeclaration> services) {
        String text = section.text(KEY);
        if (text != null) {
            return checked(section, text);
        }
        if (!section.has(KEY)) {
            requireNear(section, registry, services);
        }
        return null;
    }

    private static @Nullable String checked(YamlSection section, String text) {
        InetAddress literal = literal(text);
        if (!isHost(text) || (literal == null && SEEMS_NUMERIC.matcher(text).matches())) {
            section.problemAt(
                    KEY,
                    "'address' '%s' must be a host name or an IP address"
                            .formatted(YamlSection.shown(text)));
            return null;
        }
        if (literal != null && (literal.isAnyLocalAddress() || literal.isMulticastAddress())) {
            section.problemAt(
                    KEY,
                    "'address' '%s' must be the address of one machine, at which others reach this one"
                            .formatted(text));
            return null;
        }
        return text;
    }

    private static boolean isHost(String text) {
        try {
            return UnitAddress.http(text, 1).host().equals(text);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static void requireNear(
            YamlSection section, List<URI> registry, Collection<ServiceDeclaration> services) {
        String told =
                services.stream()
                        .filter(service -> service.beating() == Beating.NODE)
                        // One that starts no process here answers elsewhere, or is refused already.
                        .filter(service -> !service.command().isEmpty())
                        .map(ServiceDeclaration::name)
                        .map(ServiceName::value)
                        .collect(Collectors.joining(", "));
        if (told.isEmpty()) {
            return;
        }
        registry.stream()
                .filter(url -> !onLoopback(url))
                .findFirst()
                .ifPresent(url ->
                        section.problemAt(
                                KEY,
                                "'address' is missing: the supervisor registers the units of %s, and 'registry' '%s' is not on loopback as they would be; say where other machines reach this one"
                                        .formatted(told, url)));
    }

    private static boolean onLoopback(URI url) {
        InetAddress literal = literal(url.getHost().replaceAll("[\\[\\]]", ""));
        return literal == null
                ? url.getHost().equalsIgnoreCase("localhost")
                : literal.isLoopbackAddress();
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            // A name: what it means is found out by whoever connects to it.
            return null;
        }
    }
}
