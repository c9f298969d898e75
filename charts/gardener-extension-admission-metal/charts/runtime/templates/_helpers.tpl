{{/* Name of everything here. The webhooks' certificates and configurations are for a Service of this name. */}}
{{- define "admission.name" -}}
gardener-extension-admission-metal
{{- end -}}

{{/* Selectors cannot be changed: these are those of the Go extension. */}}
{{- define "admission.labels" -}}
app.kubernetes.io/name: {{ include "admission.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "admission.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{ .Values.image.repository }}{{ ternary "@" ":" (hasPrefix "sha256:" $tag) }}{{ $tag }}
{{- end -}}
