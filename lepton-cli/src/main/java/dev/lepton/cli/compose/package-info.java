/** What the platform in containers needs before its first start. */
@NullMarked
package dev.lepton.cli.compose;

import org.jspecify.annotations.NullMarked;
