/** The platform in containers, as docker-compose.yml declares it. */
@NullMarked
package dev.lepton.platform.compose;

import org.jspecify.annotations.NullMarked;
