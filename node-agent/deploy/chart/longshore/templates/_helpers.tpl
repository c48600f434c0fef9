{{- define "longshore.daemonset" -}}
{{- if eq .Values.mode "replace" }}node-agent{{ else }}{{ .Values.name }}-node-agent{{ end }}
{{- end }}

{{- define "longshore.labels" -}}
app.kubernetes.io/name: longshore
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: velero
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "longshore.selector" -}}
app.kubernetes.io/name: longshore
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: node-agent
{{- end }}

{{- define "longshore.settings" -}}
{{- if .Values.settingsConfigMap }}{{ .Values.settingsConfigMap }}{{ else if .Values.settings }}{{ .Values.name }}-settings{{ end }}
{{- end }}
