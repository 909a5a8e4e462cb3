package dev.lepton.platform.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A module of the root pom, with the package that all of its classes belong to. */
record ProductModule(String name, String rootPackage) {

    private static final Map<String, String> PARTS =
            Map.of(
                    "benchmarks", "benchmarks",
                    "lepton-client", "client",
                    "lepton-spring-boot-starter", "starter",
                    "registry-service", "registry",
                    "gateway-service", "gateway",
                    "supervisor-service", "supervisor",
                    "sample-worker-service", "worker",
                    "lepton-cli", "cli",
                    "platform-tests", "platform");

    /** The modules that the root pom lists; a new one must first be given its package here. */
    static List<ProductModule> all() {
        List<ProductModule> modules = new ArrayList<>();
        NodeList names = rootPom().getElementsByTagName("module");
        for (int i = 0; i < names.getLength(); i++) {
            String name = names.item(i).getTextContent().strip();
            String part = PARTS.get(name);
            if (part == null) {
                throw new AssertionError(
                        "module '" + name + "' of the root pom has no package in ProductModule");
            }
            modules.add(new ProductModule(name, "dev.lepton." + part));
        }
        return modules;
    }

    /**
     * The modules that users run: not the platform's tests, nor what measures it by real clocks.
     */
    static List<ProductModule> withMainCode() {
        return all().stream()
                .filter(module -> !Set.of("platform-tests", "benchmarks").contains(module.name))
                .toList();
    }

    /** The main classes of these modules, from their {@code target/classes}. */
    static JavaClasses mainClasses(List<ProductModule> modules) {
        return new ClassFileImporter()
                .importPaths(
                        modules.stream().map(module -> module.compiled("target/classes")).toList());
    }

    /** The test classes of all modules. */
    static JavaClasses testClasses() {
        return new ClassFileImporter()
                .importPaths(
                        all().stream()
                                .map(module -> module.folder().resolve("target/test-classes"))
                                .filter(Files::isDirectory)
                                .toList());
    }

    private Path folder() {
        return Checkout.root().resolve(name);
    }

    private Path compiled(String path) {
        Path classes = folder().resolve(path);
        if (!Files.isDirectory(classes)) {
            throw new AssertionError(
                    "module '" + name + "' has no " + path + ": build it first (./mvnw verify)");
        }
        return classes;
    }

    private static Document rootPom() {
        Path pom = Checkout.root().resolve("pom.xml");
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("cannot read " + pom, e);
        }
    }
}
