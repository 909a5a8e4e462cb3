/** What the registry's tests share: a real PostgreSQL, and the whole registry on a random port. */
@NullMarked
package dev.lepton.registry.support;

import org.jspecify.annotations.NullMarked;
