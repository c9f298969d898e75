//go:build pins

// Package pins keeps modules in go.mod of which only files are read (a swagger document), not programs built.
package pins

import _ "github.com/metal-stack/metal-go"
