{{/* Name of everything here. The webhooks' certificates and configurations are for a Service of this name. */}}
{{- define "name" -}}
gardener-extension-provider-metal
{{- end -}}

{{/* Selectors cannot be changed: these are those of the Go extension. */}}
{{- define "selector" -}}
app.kubernetes.io/name: {{ include "name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "labels" -}}
{{ include "selector" . }}
{{- end -}}

{{- define "image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{ .Values.image.repository }}{{ ternary "@" ":" (hasPrefix "sha256:" $tag) }}{{ $tag }}
{{- end -}}

{{/* A port is a number, or a template that picks one of usablePorts. */}}
{{- define "port.webhooks" -}}{{ tpl (toString .Values.webhookConfig.serverPort) . }}{{- end -}}
{{- define "port.metrics" -}}{{ tpl (toString .Values.metricsPort) . }}{{- end -}}
{{- define "port.health" -}}{{ tpl (toString .Values.healthPort) . }}{{- end -}}

{{/* The file that --config-file names. */}}
{{- define "configuration" -}}
{{- $config := omit (.Values.config | default dict) "networkPolicies" -}}
{{- with (.Values.config).networkPolicies -}}
{{- if .enabled -}}
{{- $config = set $config "networkPolicies" (omit . "enabled") -}}
{{- end -}}
{{- end -}}
{{- $kind := dict "apiVersion" "metal.provider.extensions.config.gardener.cloud/v1alpha1" "kind" "ControllerConfiguration" -}}
{{- toYaml (merge $kind $config) -}}
{{- end -}}

{{- define "imageVector" -}}
{{- if kindIs "string" .Values.imageVectorOverwrite -}}
{{ .Values.imageVectorOverwrite }}
{{- else -}}
{{ toYaml .Values.imageVectorOverwrite }}
{{- end -}}
{{- end -}}
