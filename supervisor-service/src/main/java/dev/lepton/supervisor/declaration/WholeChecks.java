package dev.lepton.supervisor.declaration;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules that bind several services: ports, names and dependencies must fit together. */
final class WholeChecks {

    private final Map<ServiceName, ServiceDeclaration> services;
    private final YamlSection section;

    private WholeChecks(Map<ServiceName, ServiceDeclaration> services, YamlSection section) {
        this.services = services;
        this.section = section;
    }

    static void check(Map<ServiceName, ServiceDeclaration> services, YamlSection section) {
        WholeChecks checks = new WholeChecks(services, section);
        checks.portsDiffer();
        checks.unitIdsDiffer();
        checks.dependenciesExist();
        checks.dependenciesHaveNoCycle();
    }

    private void portsDiffer() {
        Map<Integer, String> owners = new HashMap<>();
        services.forEach((name, service) -> {
            if (service.inContainers()) {
                return;
            }
            claim(owners, name, "port", service.port());
            claim(owners, name, "management-port", service.managementPort());
        });
    }

    private void claim(
            Map<Integer, String> owners, ServiceName name, String key, @Nullable PortChoice port) {
        if (port == null || port.fixed() == null) {
            return;
        }
        String owner = owners.putIfAbsent(port.fixed(), name + "." + key);
        YamlSection service = section.section(name.value());
        if (owner != null && service != null) {
            service.problemAt(
                    key,
                    "'%s' %d is already 'services.%s'"
                            .formatted(service.path(key), port.fixed(), owner));
        }
    }

    private void unitIdsDiffer() {
        Map<UnitId, ServiceName> owners = new HashMap<>();
        services.forEach((name, service) -> {
            for (UnitId unit : service.unitIds()) {
                ServiceName owner = owners.putIfAbsent(unit, name);
                if (owner != null) {
                    section.problemAtKey(
                            name.value(),
                            "'%s' would name a unit %s, as '%s' does; rename one of them"
                                    .formatted(
                                            section.path(name.value()),
                                            unit,
                                            section.path(owner.value())));
                }
            }
        });
    }

    private void dependenciesExist() {
        Set<String> known =
                services.keySet().stream().map(ServiceName::value).collect(Collectors.toSet());
        services.forEach((name, service) ->
                service.dependsOn().stream()
                        .filter(dependency -> !services.containsKey(dependency))
                        .filter(dependency -> !section.has(dependency.value()))
                        .forEach(dependency ->
                                problem(
                                        name,
                                        "'%s' names '%s', which is not declared%s"
                                                .formatted(
                                                        section.path(name + ".depends-on"),
                                                        dependency,
                                                        NearestName.hint(
                                                                dependency.value(), known)))));
    }

    private void dependenciesHaveNoCycle() {
        Set<ServiceName> cleared = new HashSet<>();
        for (ServiceName name : services.keySet()) {
            if (follow(name, new ArrayList<>(), cleared)) {
                return;
            }
        }
    }

    private boolean follow(ServiceName name, List<ServiceName> path, Set<ServiceName> cleared) {
        if (path.contains(name)) {
            List<ServiceName> cycle =
                    new ArrayList<>(path.subList(path.indexOf(name), path.size()));
            cycle.add(name);
            problem(
                    path.getLast(),
                    "'%s' closes a circle: %s"
                            .formatted(
                                    section.path(path.getLast() + ".depends-on"),
                                    cycle.stream()
                                            .map(ServiceName::value)
                                            .collect(Collectors.joining(" → "))));
            return true;
        }
        ServiceDeclaration service = services.get(name);
        if (service == null || cleared.contains(name)) {
            return false;
        }
        path.add(name);
        for (ServiceName dependency : service.dependsOn()) {
            if (follow(dependency, path, cleared)) {
                return true;
            }
        }
        path.removeLast();
        cleared.add(name);
        return false;
    }

    private void problem(ServiceName name, String text) {
        YamlSection service = section.section(name.value());
        if (service != null) {
            service.problemAt("depends-on", text);
        }
    }
}
