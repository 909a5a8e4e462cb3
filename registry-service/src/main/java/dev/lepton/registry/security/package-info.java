/** Who may call the registry: whoever knows the bearer token, with a body of bounded size. */
@NullMarked
package dev.lepton.registry.security;

import org.jspecify.annotations.NullMarked;
