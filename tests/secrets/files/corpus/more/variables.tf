variable "db_password" {
  type = string
  default = "roter-Fuchs-3"
}
