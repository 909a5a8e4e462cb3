/** Turns a Spring Boot web application into a unit; alone knows conditions and properties. */
@NullMarked
package dev.lepton.starter.autoconfigure;

import org.jspecify.annotations.NullMarked;
